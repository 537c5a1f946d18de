"""From a problem to a plan with a proof. No files, no database, no clock.

::

    Problem --network--> Network (nodes, distances, components)
    Network, prices --shifts--> Pass (cheapest plan, its cost and load)      trees.py, cuts.py: exact minima
    passes --prices--> best prices, proven bound, weights of the passes
    passes, weights --rounding--> a whole plan --local_search--> a better one
    solve.solve is the single door.
"""
