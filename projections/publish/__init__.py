"""A document as Markdown, HTML or JSON: one module a format, each with `render(publication) -> str`."""
