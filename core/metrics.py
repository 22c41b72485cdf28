"""What is counted, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

redis_failures = Counter("reminders_redis_failures_total", "Operations on Redis that found it away.")
claims = Counter("reminders_claimed_total", "Reminders claimed because they were due.")
recomputed = Counter("reminders_recomputed_total", "Reminders moved because the data of their zone changed.")
attempts = Counter("reminders_attempts_total", "Attempts to deliver, by channel and outcome.", ["channel", "outcome"])
lateness = Histogram(
    "reminders_lateness_seconds",
    "From the instant a delivery was due until the provider accepted it.",
    ["channel"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
in_flight = Gauge("reminders_in_flight", "Deliveries being sent by this process.", ["channel"])
requests = Histogram(
    "reminders_request_seconds",
    "Requests to the API, by method, route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
