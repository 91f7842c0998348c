"""The journal as a text ledger, for the accountant's own tools: beancount and hledger.

A ledger is the book's entries line by line, and at its end the balance of every account in every currency. The balances
are summed by the book, apart from the lines, so that the tool itself proves that nothing was lost on the way.
"""
