//! Matrices that lie in slices, and their product.

use std::marker::PhantomData;
use std::ops::Range;

/// A matrix to read.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// How far apart two rows are, and two columns.
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// Rows of `columns` values that begin every `stride` values.
    pub(super) fn new(values: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert_within(values.len(), rows, columns, stride);
        Self { values, rows, columns, strides: [stride, 1] }
    }

    /// The same with rows and columns exchanged.
    pub(super) fn transposed(self) -> Self {
        let [row, column] = self.strides;
        Self { rows: self.columns, columns: self.rows, strides: [column, row], ..self }
    }

    /// Some of the rows.
    pub(super) fn rows(self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.rows);
        let values = self.values.get(range.start * self.strides[0]..).unwrap_or_default();
        Self { values, rows: range.len(), ..self }
    }

    /// Some of the columns.
    pub(super) fn columns(self, range: Range<usize>) -> Self {
        self.transposed().rows(range).transposed()
    }
}

/// A matrix to write.
pub(super) struct MatrixMut<'a> {
    start: *mut f32,
    rows: usize,
    columns: usize,
    stride: usize,
    values: PhantomData<&'a mut [f32]>,
}

// SAFETY: the elements are reached through this view alone, as those of a `&mut [f32]` are through it.
unsafe impl Send for MatrixMut<'_> {}

impl<'a> MatrixMut<'a> {
    /// Rows of `columns` values that begin every `stride` values.
    pub(super) fn new(values: &'a mut [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert_within(values.len(), rows, columns, stride);
        Self { start: values.as_mut_ptr(), rows, columns, stride, values: PhantomData }
    }

    /// Parts of `height` rows, the last one lower, each with the number of its first row.
    pub(super) fn split_rows(self, height: usize) -> impl Iterator<Item = (Range<usize>, Self)> {
        super::tasks::pieces(0..self.rows, height).map(move |rows| {
            // SAFETY: the rows are within the matrix, and no two parts share one.
            let start = unsafe { self.start.add(rows.start * self.stride) };
            let part =
                Self { start, rows: rows.len(), columns: self.columns, stride: self.stride, values: PhantomData };
            (rows, part)
        })
    }

    /// Parts of `width` columns, the last one narrower, each with the numbers of its columns.
    pub(super) fn split_columns(self, width: usize) -> impl Iterator<Item = (Range<usize>, Self)> {
        super::tasks::pieces(0..self.columns, width).map(move |columns| {
            // SAFETY: the columns are within the matrix, and no two parts share one.
            let start = unsafe { self.start.add(columns.start) };
            let part =
                Self { start, rows: self.rows, columns: columns.len(), stride: self.stride, values: PhantomData };
            (columns, part)
        })
    }

    /// Becomes `left` times `right`.
    pub(super) fn set_product(&mut self, left: Matrix<'_>, right: Matrix<'_>) {
        self.product(left, right, false);
    }

    /// Adds `left` times `right`.
    pub(super) fn add_product(&mut self, left: Matrix<'_>, right: Matrix<'_>) {
        self.product(left, right, true);
    }

    fn product(&mut self, left: Matrix<'_>, right: Matrix<'_>, add: bool) {
        assert_eq!((left.rows, left.columns, right.columns), (self.rows, right.rows, self.columns));
        let strides = |matrix: Matrix<'_>| matrix.strides.map(|stride| stride as isize);
        let ([left_row, left_column], [right_row, right_column]) = (strides(left), strides(right));
        // SAFETY: the sizes agree, and every view was checked against its slice when it was made.
        unsafe {
            gemm::gemm(
                self.rows,
                self.columns,
                left.columns,
                self.start,
                1,
                self.stride as isize,
                add,
                left.values.as_ptr(),
                left_column,
                left_row,
                right.values.as_ptr(),
                right_column,
                right_row,
                1.0,
                1.0,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }
}

fn assert_within(length: usize, rows: usize, columns: usize, stride: usize) {
    assert!(columns <= stride || rows <= 1, "rows overlap");
    assert!(rows == 0 || columns == 0 || (rows - 1) * stride + columns <= length, "a matrix reaches beyond its values");
}
