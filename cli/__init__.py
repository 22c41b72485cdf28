"""The operator's command line: `reminders up`, `migrate`, `api`, `worker`, `sweep`."""
