"""Facts as sentences: what things and people are called, and what each kind of fact says."""
