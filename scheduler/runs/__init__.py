"""Planning runs that survive: a worker plans what people asked for, and another one goes on where it ended.

Glossary
--------
lease
    The right to work on a run, for some seconds at a time (scheduler.store.leases).
keeper
    The thread that renews a worker's lease, carries its progress, and stores its finished dates.
lost
    Somebody else works on the run by now, or it is no more: the worker writes nothing further.
given back
    The worker is to end; whoever comes next goes on at once.
"""
