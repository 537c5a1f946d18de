"""What the pages of a region ask, and tasks; see scope_table.py."""

from __future__ import annotations

from scope_world import FIRST, LAST

from scheduler.service import load_views, overview, region_frame, run_views, tasks
from scheduler.store.listing import ListingRepository
from scheduler.store.tasks import Tasks

TRIED = {
    "service.load_views.current_view": lambda case: case.within(
        lambda work, scope: load_views.current_view(work, scope, case.place.region, FIRST, LAST)
    ),
    "service.load_views.view_of_run": lambda case: case.within(
        lambda work, scope: load_views.view_of_run(work, scope, case.place.region, 1)
    ),
    "service.overview.week_of": lambda case: overview.week_of(*case.of_region, FIRST),
    "service.region_frame.frame_of": lambda case: region_frame.frame_of(*case.of_region),
    "service.run_views.look_at_run": lambda case: run_views.look_at_run(*case.of_region, 1, language="en"),
    "service.run_views.views_of_runs": lambda case: run_views.views_of_runs(*case.of_region, [1]),
    "service.tasks.accept_run": lambda case: tasks.accept_run(*case.of_region, 1),
    "service.tasks.cancel_task": lambda case: tasks.cancel_task(*case.of_region, case.place.task_id),
    "service.tasks.list_tasks": lambda case: tasks.list_tasks(*case.of_region),
    "service.tasks.publish_later": lambda case: tasks.publish_later(*case.of_region),
    "store.listing.ListingRepository.states": lambda case: case.reading(
        ListingRepository, lambda them: them.states(case.place.region)
    ),
    "store.tasks.Tasks.cancel": lambda case: case.changing(
        lambda work, scope: Tasks(work, scope).cancel(case.place.region, case.place.task_id)
    ),
    "store.tasks.Tasks.listed": lambda case: case.reading(Tasks, lambda them: them.listed(case.place.region)),
    "store.tasks.Tasks.one": lambda case: case.reading(
        Tasks, lambda them: them.one(case.place.region, case.place.task_id)
    ),
}

SILENT = frozenset(
    {
        # Without a run that is done no platform is named.
        "service.load_views.current_view",
        "service.overview.week_of",
        "service.tasks.accept_run",
        "store.listing.ListingRepository.states",
        "store.tasks.Tasks.cancel",
    }
)

LEFT_OUT: dict[str, str] = {}
