"""What an operator watches. Labels are codes, never people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

UPDATES = Counter("skolebud_updates_total", "Updates by kind and outcome", ["kind", "outcome"], registry=REGISTRY)
UPDATE_SECONDS = Histogram(
    "skolebud_update_seconds",
    "Seconds from an update's arrival until its effects are committed",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
OUTGOING = Counter("skolebud_outgoing_total", "Outgoing messages settled", ["kind", "state"], registry=REGISTRY)
OUTGOING_DELAY = Histogram(
    "skolebud_outgoing_delay_seconds",
    "Seconds between a message's due time and Telegram's acceptance",
    registry=REGISTRY,
    buckets=(0.1, 0.5, 1, 5, 15, 30, 60, 300, 900),
)
OUTGOING_WAITING = Gauge("skolebud_outgoing_waiting", "Outgoing messages under way", ["state"], registry=REGISTRY)
JOB_SECONDS = Histogram("skolebud_job_seconds", "Seconds of a clock tick by job", ["job"], registry=REGISTRY)
SET_ASIDE = Counter("skolebud_updates_set_aside_total", "Updates given up after repeated failure", registry=REGISTRY)
TRANSLATIONS = Counter(
    "skolebud_translation_requests_total",
    "Requests to translation engines by outcome",
    ["engine", "outcome"],
    registry=REGISTRY,
)
TRANSLATION_SECONDS = Histogram(
    "skolebud_translation_seconds",
    "Seconds of a request to a translation engine",
    ["engine"],
    registry=REGISTRY,
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TRANSLATION_CHARACTERS = Counter(
    "skolebud_translation_characters_total", "Characters given to translation engines", ["engine"], registry=REGISTRY
)
