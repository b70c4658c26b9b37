//! The binding to Vectorscan (the same interface as Hyperscan): as little of it
//! as the harness needs. This is the only file with `unsafe`.
#![expect(unsafe_code, reason = "Vectorscan is a C library")]

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::ptr::{self, NonNull};

/// Ignore the case of ASCII letters.
pub(super) const CASELESS: u32 = 1;
/// Report each pattern at most once a text.
pub(super) const SINGLEMATCH: u32 = 8;
/// Report where matches start.
pub(super) const SOM_LEFTMOST: u32 = 256;

const MODE_BLOCK: c_uint = 1;
const SUCCESS: c_int = 0;

type OnMatch = extern "C" fn(c_uint, u64, u64, c_uint, *mut c_void) -> c_int;

#[repr(C)]
struct CompileError {
    message: *mut c_char,
    expression: c_int,
}

// Signatures as in hs_compile.h and hs_runtime.h of 5.4.
#[link(name = "hs")]
unsafe extern "C" {
    fn hs_compile_multi(
        expressions: *const *const c_char,
        flags: *const c_uint,
        ids: *const c_uint,
        elements: c_uint,
        mode: c_uint,
        platform: *const c_void,
        db: *mut *mut c_void,
        error: *mut *mut CompileError,
    ) -> c_int;
    fn hs_compile_lit_multi(
        expressions: *const *const c_char,
        flags: *const c_uint,
        ids: *const c_uint,
        lens: *const usize,
        elements: c_uint,
        mode: c_uint,
        platform: *const c_void,
        db: *mut *mut c_void,
        error: *mut *mut CompileError,
    ) -> c_int;
    fn hs_free_compile_error(error: *mut CompileError) -> c_int;
    fn hs_free_database(db: *mut c_void) -> c_int;
    fn hs_alloc_scratch(db: *const c_void, scratch: *mut *mut c_void) -> c_int;
    fn hs_free_scratch(scratch: *mut c_void) -> c_int;
    fn hs_scan(
        db: *const c_void,
        data: *const c_char,
        length: c_uint,
        flags: c_uint,
        scratch: *mut c_void,
        on_event: OnMatch,
        context: *mut c_void,
    ) -> c_int;
}

/// A compiled set of patterns, never changed after.
pub(super) struct Database(NonNull<c_void>);

// SAFETY: the library documents databases as immutable after compiling and
// usable by any number of threads at once; all changing state is in a scratch.
unsafe impl Send for Database {}
// SAFETY: as above.
unsafe impl Sync for Database {}

impl Database {
    /// Compiles literals, or with `literal` false, regular expressions.
    pub(super) fn new(patterns: &[String], flags: u32, literal: bool) -> Result<Self, String> {
        let terminated: Result<Vec<CString>, _> = patterns
            .iter()
            .map(|one| CString::new(one.as_bytes()))
            .collect();
        let terminated = terminated.map_err(|error| error.to_string())?;
        let pointers: Vec<*const c_char> = terminated.iter().map(|one| one.as_ptr()).collect();
        let lengths: Vec<usize> = patterns.iter().map(String::len).collect();
        let flags = vec![flags; patterns.len()];
        let ids: Vec<c_uint> = (0..patterns.len() as c_uint).collect();
        let elements = patterns.len() as c_uint;
        let (mut db, mut error) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: every list has `elements` entries and outlives the call, the
        // strings end in NUL and have the lengths given, a null platform means
        // this machine, and both results are written before they are read.
        let status = unsafe {
            if literal {
                hs_compile_lit_multi(
                    pointers.as_ptr(),
                    flags.as_ptr(),
                    ids.as_ptr(),
                    lengths.as_ptr(),
                    elements,
                    MODE_BLOCK,
                    ptr::null(),
                    &raw mut db,
                    &raw mut error,
                )
            } else {
                hs_compile_multi(
                    pointers.as_ptr(),
                    flags.as_ptr(),
                    ids.as_ptr(),
                    elements,
                    MODE_BLOCK,
                    ptr::null(),
                    &raw mut db,
                    &raw mut error,
                )
            }
        };
        match NonNull::new(db) {
            Some(db) if status == SUCCESS => Ok(Self(db)),
            _ => Err(told(error)),
        }
    }

    /// A scanner of this database with a scratch of its own.
    pub(super) fn scanner(&self) -> Scanner<'_> {
        let mut scratch = ptr::null_mut();
        // SAFETY: the database is live; a null scratch asks for a new one.
        let status = unsafe { hs_alloc_scratch(self.0.as_ptr(), &raw mut scratch) };
        let scratch = NonNull::new(scratch).filter(|_| status == SUCCESS);
        Scanner {
            database: self,
            scratch: scratch.expect("there is memory for a scratch"),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: it came from a successful compile and is freed once; scanners
        // borrow the database, so none is left.
        unsafe { hs_free_database(self.0.as_ptr()) };
    }
}

/// The library's words for what is wrong with a pattern.
fn told(error: *mut CompileError) -> String {
    if error.is_null() {
        return "no reason given".to_owned();
    }
    // SAFETY: a non-null error points to one that the library filled, with a
    // message that ends in NUL; it is freed once, after copying.
    unsafe {
        let message = CStr::from_ptr((*error).message)
            .to_string_lossy()
            .into_owned();
        let told = format!("pattern {}: {message}", (*error).expression);
        hs_free_compile_error(error);
        told
    }
}

/// A database with a scratch made for it: the two cannot be mixed up.
pub(super) struct Scanner<'d> {
    database: &'d Database,
    scratch: NonNull<c_void>,
}

// SAFETY: a scratch may be used by any thread, one at a time; `scan` takes
// `&mut self`, and nothing else reaches it.
unsafe impl Send for Scanner<'_> {}

impl Scanner<'_> {
    /// Calls `each` with pattern, start (0 unless asked for) and end.
    pub(super) fn scan<F: FnMut(u32, u64, u64)>(&mut self, text: &[u8], mut each: F) {
        // A panic in `each` aborts at this border, it does not cross it.
        extern "C" fn on_match<F: FnMut(u32, u64, u64)>(
            id: c_uint,
            from: u64,
            to: u64,
            _flags: c_uint,
            context: *mut c_void,
        ) -> c_int {
            // SAFETY: `scan` below passes a pointer to its `F`, live and
            // borrowed by nobody else for as long as the library scans.
            let each = unsafe { &mut *context.cast::<F>() };
            each(id, from, to);
            0
        }
        // SAFETY: database and scratch are live and belong together; the text
        // is readable for its length; `each` cannot reach this scratch, which
        // `&mut self` holds, so scans do not nest.
        let status = unsafe {
            hs_scan(
                self.database.0.as_ptr(),
                text.as_ptr().cast(),
                text.len() as c_uint,
                0,
                self.scratch.as_ptr(),
                on_match::<F>,
                (&raw mut each).cast(),
            )
        };
        assert_eq!(
            status, SUCCESS,
            "a scan of a live database fails only on misuse"
        );
    }
}

impl Drop for Scanner<'_> {
    fn drop(&mut self) {
        // SAFETY: it came from a successful allocation and is freed once.
        unsafe { hs_free_scratch(self.scratch.as_ptr()) };
    }
}
