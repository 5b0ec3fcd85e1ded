"""The record over HTTP: it translates requests into commands, and views into answers."""
