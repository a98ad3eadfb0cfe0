//! The tables of the file, and what is put into them, looked up and taken out.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use ulid::Ulid;

use super::file::Refusal;
use super::head::{Stored, VERSION};
use super::whole;
use crate::config::settings::Language;

/// What this file is: `version`.
const FORMAT: TableDefinition<'_, &str, u64> = TableDefinition::new("format");
/// By number.
const HEADS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("heads");
/// Explanation and exchange, packed, by number.
const WHOLES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("wholes");
/// The number of an id.
const NUMBERS: TableDefinition<'_, u128, u64> = TableDefinition::new("numbers");

/// One diagnosis, ready to be put on the shelf.
pub(super) struct Item {
    pub(super) number: u64,
    pub(super) id: Ulid,
    pub(super) head: Vec<u8>,
    pub(super) whole: Vec<u8>,
}

impl Item {
    /// What it takes of the file.
    pub(super) fn size(&self) -> u64 {
        space(self.head.len(), self.whole.len())
    }
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stock {
    pub(super) count: u64,
    /// The highest number.
    pub(super) last: u64,
    /// What it takes of the file, in bytes; a little more than it does.
    pub(super) size: u64,
}

/// Makes the tables of a new file; refuses one of another version.
pub(super) fn begin(database: &Database) -> Result<(), Refusal> {
    let write = || -> Result<u64, redb::Error> {
        let transaction = database.begin_write()?;
        let mut format = transaction.open_table(FORMAT)?;
        let found = format.get("version")?.map(|version| version.value());
        let version = found.unwrap_or(u64::from(VERSION));
        if found.is_none() {
            format.insert("version", version)?;
        }
        drop(format);
        if version == u64::from(VERSION) {
            transaction.open_table(HEADS)?;
            transaction.open_table(WHOLES)?;
            transaction.open_table(NUMBERS)?;
        }
        transaction.commit()?;
        Ok(version)
    };
    match write() {
        Ok(version) if version == u64::from(VERSION) => Ok(()),
        Ok(version) => {
            Err(Refusal::Damaged(format!("it has version {version}, and this coswhy reads {VERSION}")))
        }
        Err(error) => Err(Refusal::of(&error)),
    }
}

/// Counts what is there.
pub(super) fn stock(database: &Database) -> Result<Stock, redb::Error> {
    let transaction = database.begin_read()?;
    let (heads, wholes) = (transaction.open_table(HEADS)?, transaction.open_table(WHOLES)?);
    let mut stock = Stock::default();
    for (head, whole) in heads.iter()?.zip(wholes.iter()?) {
        let ((number, head), (_, whole)) = (head?, whole?);
        stock.count += 1;
        stock.last = number.value();
        stock.size += space(head.value().len(), whole.value().len());
    }
    Ok(stock)
}

/// What a diagnosis takes of the file: a value over half a page has pages of its own, a power of two of them.
fn space(head: usize, whole: usize) -> u64 {
    const PAGE: usize = 4096;
    /// Keys, lengths, the table of ids, and what the inner pages hold.
    const BESIDES: usize = 256;
    let whole = if whole > PAGE / 2 { (whole + BESIDES).next_power_of_two().max(PAGE) } else { 2 * whole };
    (whole + 2 * head + BESIDES) as u64
}

/// Puts diagnoses on the shelf, takes the oldest off it while `is_too_much` says so, and commits.
pub(super) fn put(
    database: &Database,
    items: &[Item],
    mut stock: Stock,
    mut is_too_much: impl FnMut(&Stock, Option<&Stored>) -> bool,
) -> Result<Stock, redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut heads = transaction.open_table(HEADS)?;
        let mut wholes = transaction.open_table(WHOLES)?;
        let mut numbers = transaction.open_table(NUMBERS)?;
        for item in items {
            // Higher than all there are, even where the clock or another process went before.
            let number = item.number.max(stock.last + 1);
            heads.insert(number, item.head.as_slice())?;
            wholes.insert(number, item.whole.as_slice())?;
            numbers.insert(u128::from(item.id), number)?;
            stock.count += 1;
            stock.last = number;
            stock.size += item.size();
        }
    }
    while take_oldest(&transaction, &mut stock, &mut is_too_much)? {}
    transaction.commit()?;
    Ok(stock)
}

/// Takes the oldest off the shelf where it is too much; returns whether it was.
fn take_oldest(
    transaction: &WriteTransaction,
    stock: &mut Stock,
    is_too_much: &mut impl FnMut(&Stock, Option<&Stored>) -> bool,
) -> Result<bool, redb::Error> {
    let mut heads = transaction.open_table(HEADS)?;
    let Some((number, head, length)) = heads
        .first()?
        .map(|(number, head)| (number.value(), Stored::decode(head.value()), head.value().len()))
    else {
        return Ok(false);
    };
    if !is_too_much(stock, head.as_ref()) {
        return Ok(false);
    }
    heads.remove(number)?;
    let mut wholes = transaction.open_table(WHOLES)?;
    if let Some(whole) = wholes.remove(number)? {
        stock.size = stock.size.saturating_sub(space(length, whole.value().len()));
    }
    if let Some(id) = head.and_then(|head| Ulid::from_string(&head.id).ok()) {
        transaction.open_table(NUMBERS)?.remove(u128::from(id))?;
    }
    stock.count = stock.count.saturating_sub(1);
    Ok(true)
}

/// The newest below a number, newest first; those that can't be read are left out.
pub(super) fn below(
    database: &Database,
    before: u64,
    count: usize,
) -> Result<Vec<(u64, Stored)>, redb::Error> {
    let heads = database.begin_read()?.open_table(HEADS)?;
    let mut found = Vec::new();
    for head in heads.range(..before)?.rev() {
        let (number, head) = head?;
        found.extend(Stored::decode(head.value()).map(|stored| (number.value(), stored)));
        if found.len() >= count {
            break;
        }
    }
    Ok(found)
}

/// One by its id.
pub(super) fn get(database: &Database, id: Ulid) -> Result<Option<(u64, Stored)>, redb::Error> {
    let transaction = database.begin_read()?;
    let Some(number) = transaction.open_table(NUMBERS)?.get(u128::from(id))?.map(|number| number.value())
    else {
        return Ok(None);
    };
    let head = transaction.open_table(HEADS)?.get(number)?.and_then(|head| Stored::decode(head.value()));
    Ok(head.map(|stored| (number, stored)))
}

/// The whole of one as JSON.
pub(super) fn whole(
    database: &Database,
    number: u64,
    language: Language,
) -> Result<Option<Vec<u8>>, redb::Error> {
    let wholes = database.begin_read()?.open_table(WHOLES)?;
    Ok(wholes.get(number)?.and_then(|packed| whole::unpack(packed.value(), language)))
}
