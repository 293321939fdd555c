"""Compiled loops: LLVM code for array operations, made, optimised and loaded through llvmlite.

`engine` compiles and loads modules, `cache` keeps object files on disk, `program` writes a whole
program, `nests` its loops, `math` the elementary functions in them, and `blas` calls SciPy's
products of matrices. Every module but `cache` and `object_layout` imports llvmlite, so import them
late.
"""
