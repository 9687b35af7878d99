import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvectors of a symmetric matrix in columns, with their eigenvalues, the largest first. */
export function eigen(symmetric: Matrix): { readonly vectors: Matrix; readonly values: number[] } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  return {
    vectors: eigenvectorMatrix.subMatrixColumn(order),
    values: order.map((i) => realEigenvalues[i] ?? 0),
  };
}

/** A square matrix from its values row by row. */
export const square = (values: Float64Array, size: number): Matrix =>
  new Matrix(Array.from({ length: size }, (_, row) => [...values.subarray(row * size, (row + 1) * size)]));
