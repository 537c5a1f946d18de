"""What Prometheus is told: counted here, or looked up in the store when it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily

from scheduler.errors import StoreFailed
from scheduler.service.figures import figures
from web.logs import seconds_so_far

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

    from scheduler.service.house import Store

NAME = "etale-measures"
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NO_ROUTE = "(none)"


class Measures:
    """The counters of one application."""

    def __init__(self, store: Store):
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "etale_requests",
            "Requests answered by this process",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "etale_request_seconds",
            "How long answers of this process took",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(OfTheStore(store))


class OfTheStore:
    """What is the same whichever process is asked."""

    def __init__(self, store: Store):
        self._store = store

    def describe(self) -> list[GaugeMetricFamily]:
        """Say nothing before anybody asks: registering would otherwise read the store."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the figures; without a store only that it is away is told."""
        up = GaugeMetricFamily("etale_store_up", "Whether the database answers")
        try:
            found = figures(self._store)
        except StoreFailed:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        runs = GaugeMetricFamily("etale_runs", "Planning runs by state", labels=("state",))
        for state, count in found.runs.items():
            runs.add_metric((state,), count)
        yield runs
        yield GaugeMetricFamily("etale_publications", "Publications of all schools", found.publications)
        yield GaugeMetricFamily("etale_feed_addresses", "Addresses of calendars that are not withdrawn", found.feeds)
        yield GaugeMetricFamily("etale_feed_fetches", "Fetches of calendars noted in the database", found.fetches)


def install(app: Flask) -> None:
    """Count every request."""
    # When a counter began is a gauge more for each, and nobody asks.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    app.extensions[NAME] = Measures(app.extensions["etale"].store)
    app.after_request(_count)


def measures() -> Measures:
    """Give the counters of the application that answers the present request."""
    found: Measures = current_app.extensions[NAME]
    return found


def _count(response: Response) -> Response:
    # The rule and not the path: as many lines as there are routes, and no secrets.
    route = request.url_rule.rule if request.url_rule else NO_ROUTE
    known = measures()
    known.requests.labels(_method(), route, str(response.status_code)).inc()
    known.seconds.labels(route).observe(seconds_so_far())
    return response


def _method() -> str:
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
