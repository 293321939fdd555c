"""Public functions of NumPy that have no derivative to offer, each under the reason why."""

from __future__ import annotations

NEWEST_NUMPY = (2, 4)
"""The newest version whose public names were all sorted into this list or that of calls."""

REASONS: dict[str, str] = {
    "gives integers, truth values or positions": """
        all any argmax argmin argpartition argsort argwhere array_equal array_equiv allclose
        count_nonzero digitize equal flatnonzero greater greater_equal isclose iscomplex
        iscomplexobj isfinite isfortran isin isinf isnan isnat isneginf isposinf isreal isrealobj
        isscalar iterable less less_equal lexsort logical_and logical_not logical_or logical_xor
        nanargmax nanargmin ndim nonzero not_equal searchsorted shape shares_memory
        may_share_memory signbit size""",
    "is constant between jumps": """
        around ceil fix floor floor_divide heaviside rint round sign trunc nextafter spacing""",
    "is for integers only": """
        binary_repr base_repr bitwise_and bitwise_count bitwise_invert bitwise_left_shift
        bitwise_not bitwise_or bitwise_right_shift bitwise_xor gcd invert lcm left_shift packbits
        right_shift unpackbits unravel_index ravel_multi_index""",
    "makes an array from sizes and plain numbers, or an uninitialised one": """
        bartlett blackman diag_indices diag_indices_from empty empty_like eye fromfunction hamming
        hanning identity indices kaiser mask_indices ones ones_like tri tril_indices
        tril_indices_from triu_indices triu_indices_from zeros zeros_like fft.fftfreq
        fft.rfftfreq linalg.matrix_rank broadcast_shapes""",
    "is about dtypes": """
        asmatrix can_cast common_type isdtype issubdtype min_scalar_type mintypecode promote_types
        result_type typename""",
    "reads, writes, prints or parses": """
        array2string array_repr array_str datetime_as_string datetime_data
        format_float_positional format_float_scientific frombuffer fromfile fromregex fromstring
        from_dlpack genfromtxt load loadtxt save savetxt savez savez_compressed info""",
    "is about dates": "busday_count busday_offset is_busday",
    "is about NumPy itself": """
        einsum_path get_include get_printoptions getbufsize geterr geterrcall nested_iters
        printoptions set_printoptions setbufsize seterr seterrcall show_config show_runtime test
        fft.test linalg.test""",
    "changes its argument in place (assignment to entries does the same, traced)": """
        copyto fill_diagonal place put put_along_axis putmask""",
    "makes functions of Python objects": "frompyfunc",
    "makes instances of the matrix class": "bmat",
    "is deprecated, and leaves NumPy": "in1d row_stack trapz",
}
"""Reason -> names. `linalg.` and `fft.` are NumPy's submodules."""

NOT_DIFFERENTIABLE: dict[str, str] = {
    name: reason for reason, names in REASONS.items() for name in names.split()
}
