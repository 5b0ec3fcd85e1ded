"""The dialogue's domain and its record: facts, rules, texts, and the bytes they are kept as."""
