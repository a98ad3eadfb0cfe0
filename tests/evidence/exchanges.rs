use std::fs;
use std::path::Path;

use super::printed::printed;

#[test]
fn every_kind_of_input_gives_its_exchanges() {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/inputs");
    let mut files: Vec<_> = fs::read_dir(inputs).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, printed(&fs::read(&file).unwrap()));
        });
    }
}
