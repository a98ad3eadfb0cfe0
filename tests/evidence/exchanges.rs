use std::path::Path;

use super::printed::printed;

#[test]
#[ignore = "prints what it is given"]
fn dump() {
    let dir = std::env::var("DUMP").unwrap();
    let mut files: Vec<_> = std::fs::read_dir(Path::new(&dir)).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        println!("=================== {}", file.file_name().unwrap().to_string_lossy());
        println!("{}", printed(&std::fs::read(&file).unwrap()));
    }
}
