"""Kinds of work: one file each, plain coroutines on an `Engine`; only `tasks.base` knows arq."""
