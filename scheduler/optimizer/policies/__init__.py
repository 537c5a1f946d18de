"""The rivals: what regions did by hand, or what a simple program would do, each one function.

Every rival takes the region and the problems of its dates and gives a plan for each, so that all are reckoned by the
same figures. Some break hard rules; that is counted (scheduler.domain.breaches), never hidden.
"""
