"""The steps from one version of the database's tables to the next (Alembic); ``etale db upgrade`` takes them.

Every step works while the program of before is still running: what is new is added first (with a default, so that the
old program's inserts go on), what is old is removed one release later, when nothing reads it any more.
"""
