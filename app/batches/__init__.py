"""Batches: one engine for everything that is done to many rows.

A batch is rows and a kind: what is checked, done and undone for each of them. Import, verbs for the
selected rows of a list and undo are kinds; the engine knows none of them. A feature registers its
kinds at import (`kinds.register`), as it registers jobs.

How one runs. `service.open_batch` writes a draft, `fill` or `add_rows` its rows, `ask_check` or
`confirm` hands it over, and the caller commits. From there on the database is the truth and the
queue only wakes: `worker.work` (the job `batches`, every minute and after each commit that needs
it) takes a batch under a lease (`leases`) and runs it slice by slice (`slices`): one transaction
that renews the lease by its token, locks the organization once, reads the author's rights of the
moment (`author`), then for each row checks and acts by the same code, and writes the row's state
beside its effect. A worker that is killed leaves the open slice as if it had never begun. Few rows
are run by the request itself (`worker.run_now`).

Here: the engine, its pages, REST and list. Not here: what any kind does (each feature), the
nouns (models.batch), undoing one line of the log (undo).
"""
