"""Jobs: what happens without anybody waiting for it.

Here: the queue, the schedule, what is done in them, the worker's command. Not here: the verbs they
call.
"""
