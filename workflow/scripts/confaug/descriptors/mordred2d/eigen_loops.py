"""The loop that finds all eigenvalues and the leading eigenvector of small symmetric matrices.

See `kernels` for how it is compiled. LAPACK finds all eigenvectors or none, and has an overhead per
matrix that counts for molecules of ordinary size.
"""

import numpy as np


def find_spectra(matrices: np.ndarray, eigenvalues: np.ndarray, leading: np.ndarray) -> None:
    """Find the eigenvalues, and the eigenvector of the largest one.

    A matrix is made tridiagonal by Householder's reflections; its eigenvalues follow by the QL
    algorithm with implicit shifts, the vector by inverse iteration (Wilkinson and Reinsch, Handbook
    for Automatic Computation II: Linear Algebra, 1971).

    Parameters
    ----------
    matrices
        Symmetric, float64 (K, N, N).
    eigenvalues
        float64 (K, N), filled in no order; NaN where the iteration does not converge.
    leading
        float64 (K, N), filled: of length 1, with any sign.
    """
    n = matrices.shape[1]
    for k in range(len(matrices)):
        matrix = matrices[k].copy()
        reflectors = np.zeros((n, n))
        factors = np.zeros(n)
        diagonal, beside = np.empty(n), np.zeros(n)
        for j in range(n - 2):
            rest = 0.0
            for i in range(j + 2, n):
                rest += matrix[j, i] * matrix[j, i]
            first = matrix[j, j + 1]
            beside[j] = first
            if rest == 0.0:
                continue
            length = np.sqrt(first * first + rest)
            beside[j] = -length if first > 0.0 else length
            factors[j] = (beside[j] - first) / beside[j]
            vector, product = reflectors[j], np.zeros(n)
            vector[j + 1] = 1.0
            for i in range(j + 2, n):
                vector[i] = matrix[j, i] / (first - beside[j])
            for i in range(j + 1, n):
                for m in range(j + 1, n):
                    product[m] += vector[i] * matrix[i, m]
            along = 0.0
            for i in range(j + 1, n):
                product[i] *= factors[j]
                along += product[i] * vector[i]
            for i in range(j + 1, n):
                product[i] -= 0.5 * factors[j] * along * vector[i]
            for i in range(j + 1, n):
                for m in range(j + 1, n):
                    matrix[i, m] -= vector[i] * product[m] + product[i] * vector[m]
        for i in range(n):
            diagonal[i] = matrix[i, i]
        if n > 1:
            beside[n - 2] = matrix[n - 2, n - 1]
        # QL on copies.
        values, off = eigenvalues[k], beside.copy()
        for i in range(n):
            values[i] = diagonal[i]
        for low in range(n):
            for attempt in range(61):
                high = low
                while high < n - 1:
                    size = abs(values[high]) + abs(values[high + 1])
                    if abs(off[high]) <= 2.3e-16 * size:
                        break
                    high += 1
                if high == low:
                    break
                if attempt == 60:
                    for i in range(n):
                        values[i] = np.nan
                    break
                g = (values[low + 1] - values[low]) / (2.0 * off[low])
                r = np.sqrt(g * g + 1.0)
                g = values[high] - values[low] + off[low] / (g + (r if g >= 0.0 else -r))
                s, c, p = 1.0, 1.0, 0.0
                split = False
                for i in range(high - 1, low - 1, -1):
                    f, b = s * off[i], c * off[i]
                    r = np.sqrt(f * f + g * g)
                    off[i + 1] = r
                    if r == 0.0:
                        values[i + 1] -= p
                        off[high] = 0.0
                        split = True
                        break
                    s, c = f / r, g / r
                    g = values[i + 1] - p
                    r = (values[i] - g) * s + 2.0 * c * b
                    p = s * r
                    values[i + 1] = g + p
                    g = c * r - b
                if not split:
                    values[low] -= p
                    off[low] = g
                    off[high] = 0.0
        # Inverse iteration on the tridiagonal matrix, by elimination with row exchanges.
        largest, extent, vector = values[0], 0.0, leading[k]
        for i in range(n):
            largest = max(largest, values[i])
            extent = max(extent, abs(values[i]))
        tiny = 1e-16 * (extent + 1e-300)
        main, upper, second = diagonal, beside.copy(), np.zeros(n)
        for i in range(n):
            main[i] -= largest
        multiplier, exchanged = np.zeros(n), np.zeros(n, np.bool_)
        for i in range(n - 1):
            low_entry = beside[i]
            if abs(low_entry) > abs(main[i]):
                exchanged[i] = True
                multiplier[i] = main[i] / low_entry
                above = upper[i]
                main[i], upper[i], second[i] = low_entry, main[i + 1], upper[i + 1]
                main[i + 1] = above - multiplier[i] * upper[i]
                upper[i + 1] = -multiplier[i] * second[i]
            else:
                if abs(main[i]) < tiny:
                    main[i] = tiny
                multiplier[i] = low_entry / main[i]
                main[i + 1] -= multiplier[i] * upper[i]
        if abs(main[n - 1]) < tiny:
            main[n - 1] = tiny
        for i in range(n):
            vector[i] = 1.0 + 0.1 * (i % 7)
        for _ in range(4 if n > 1 else 0):
            for i in range(n - 1):
                if exchanged[i]:
                    vector[i], vector[i + 1] = vector[i + 1], vector[i]
                vector[i + 1] -= multiplier[i] * vector[i]
            for i in range(n - 1, -1, -1):
                if i + 1 < n:
                    vector[i] -= upper[i] * vector[i + 1]
                if i + 2 < n:
                    vector[i] -= second[i] * vector[i + 2]
                vector[i] /= main[i]
            extent = 0.0
            for i in range(n):
                extent = max(extent, abs(vector[i]))
            for i in range(n):
                vector[i] /= extent
        for j in range(n - 3, -1, -1):
            along = 0.0
            for i in range(j + 1, n):
                along += reflectors[j, i] * vector[i]
            for i in range(j + 1, n):
                vector[i] -= factors[j] * along * reflectors[j, i]
        squares = 0.0
        for i in range(n):
            squares += vector[i] * vector[i]
        length = np.sqrt(squares)
        for i in range(n):
            vector[i] /= length
