"""What a decision would take, cost and allow: answers that are each found by solving again, and each verified.

`allocation.why` reckons reasons from the decision alone. Here the round is solved once more under one change: a request
forced in, money added for it, a limit moved, other awards asked for. Each answer is an interval whose two ends are
proven apart: one by a bound that no awards can pass, one by awards that the independent verifier has passed.
"""
