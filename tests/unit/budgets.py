"""Worlds in which BudgetCalls can do its work."""

from rotoscope import layout
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import BudgetCallsInput, Listing, Segment
from tests.builders import an_analysis
from tests.worlds import planned

ALL = {"keys": "all"}


def analysed(plan, *segments, **changes):
    """A world in which these segments' frame indices were found, and BudgetCalls' input."""
    services, cut = planned(plan), []
    for number, indices in enumerate(segments):
        found = an_analysis(indices, number, **changes)
        services.documents.save(layout.analysis(plan.job.id, number), found)
        cut.append(Segment(index=number, start_pts=found.start_pts, end_pts=found.end_pts, seeks=[found.start_pts]))
    listing = Listing(key=layout.segments(plan.job.id), count=len(segments))
    services.documents.save_list(listing.key, cut)
    return services, BudgetCallsInput(job=plan.job, segments=listing, entered=plan.started)


def budgeted(plan, *segments, **changes):
    services, task = analysed(plan, *(segments or (range(10),)), **changes)
    result = budget_calls(task, services)
    return services, result, services.documents.budget(plan.job.id)


def called(services, result):
    return [call.index for call in services.documents.calls(result.calls.key)]
