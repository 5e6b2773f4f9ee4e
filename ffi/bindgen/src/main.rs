//! Writes the bindings of a built `samspor-ffi` library; the arguments are `uniffi-bindgen`'s.

fn main() {
    uniffi::uniffi_bindgen_main();
}
