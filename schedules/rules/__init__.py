"""The kinds of schedule, one module each, found from the files: every module offers its class as `RULE`."""
