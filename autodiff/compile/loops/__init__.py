"""From programs of the IR to loops over scalars: what is stored, what is computed where it is read.

`nest` is the language of loops; `storing` chooses which values get memory, `inlining` writes what
an element of a value is in terms of memory by the rules in `elements`, `pieces` builds nests of
that, `grouping` merges them, `single_steps` has those that stand alone, `workspace` places values
and `loop_program` puts it all in order. Nothing here knows of LLVM; `..llvm.program` makes code of
it.
"""
