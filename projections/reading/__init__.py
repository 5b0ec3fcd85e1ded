"""Reading documents that exist already: published recommendations and mandate forms. Text in, values out.

Nothing is mended: words stay as they stand, and what could not be placed is a `Remark`.
"""
