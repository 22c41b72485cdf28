"""Sentences read: tokens, a grammar for each language, and a schedule made of what was understood."""
