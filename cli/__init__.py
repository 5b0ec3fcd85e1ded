"""The record on the command line: it translates words into commands, and views into sentences."""
