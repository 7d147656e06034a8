"""What billing can be told to do: one use case a file, each a frozen command and its handler.

A handler loads one aggregate, calls one method and saves; roles are checked first. GraphQL, messages and jobs are doors
of equal rank: all of them build a command.
"""
