//! The tables of a run as Parquet: the rows of their CSV files in typed columns, with the columns' units beside them.
//!
//! Built with the feature `parquet`. Each table is converted once its CSV file is complete, row group by row group, so that
//! both say the same and no more is held than a group.

mod column;

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use column::{Column, Kind};

/// The tables that have a Parquet file beside their CSV file, by the stems of their names.
pub const TABLES: [&str; 5] = ["replicates", "tasks", "cores", "decisions", "links"];

/// Rows of a group.
const GROUP: usize = 1 << 16;

/// Why a table can't be converted.
#[derive(Debug)]
pub struct Unconverted(String);

impl fmt::Display for Unconverted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unconverted {}

impl From<csv::Error> for Unconverted {
    fn from(error: csv::Error) -> Self {
        Unconverted(error.to_string())
    }
}

impl From<ParquetError> for Unconverted {
    fn from(error: ParquetError) -> Self {
        Unconverted(error.to_string())
    }
}

/// Writes the table called `table`, in the CSV file that `open` opens, as Parquet into `out`. It is opened twice: first to see whether what a
/// sweep sets are numbers.
///
/// # Errors
/// Where the file can't be read, holds no table of a run, or `out` can't be written to.
pub fn convert<R: Read>(
    table: &str,
    open: impl Fn() -> std::io::Result<R>,
    out: impl Write + Send,
) -> Result<(), Unconverted> {
    let reader = || open().map(csv::Reader::from_reader).map_err(|error| Unconverted(error.to_string()));
    let columns = columns(table, &mut reader()?)?;
    let units = columns.iter().filter(|column| !column.unit.is_empty());
    let units = units.map(|column| KeyValue::new(format!("unit.{}", column.name), column.unit.clone()));
    let properties = WriterProperties::builder().set_key_value_metadata(Some(units.collect())).build();
    let fields: Vec<Arc<Type>> = columns.iter().map(field).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
    let mut rows = reader()?;
    let mut records = rows.records();
    loop {
        let group: Vec<csv::StringRecord> = records.by_ref().take(GROUP).collect::<Result<_, _>>()?;
        if group.is_empty() {
            break;
        }
        let mut written = writer.next_row_group()?;
        for (at, column) in columns.iter().enumerate() {
            let Some(mut into) = written.next_column()? else { break };
            write_column(&mut into, column, group.iter().map(|row| row.get(at).unwrap_or_default()))?;
            into.close()?;
        }
        written.close()?;
    }
    writer.close()?;
    Ok(())
}

/// The columns of a table; those that a sweep added are numbers where all of their values are.
fn columns<R: Read>(table: &str, reader: &mut csv::Reader<R>) -> Result<Vec<Column>, Unconverted> {
    let names = reader.headers()?.clone();
    let mut columns: Vec<Column> = names.iter().map(|name| Column::of(table, name)).collect();
    if columns.iter().any(|column| column.kind == Kind::Swept) {
        for row in reader.records() {
            let row = row?;
            columns.iter_mut().zip(&row).for_each(|(column, value)| column.see(value));
        }
    }
    columns.iter_mut().for_each(Column::settle);
    Ok(columns)
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Text | Kind::Swept => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let field = Type::primitive_type_builder(&column.name, physical).with_repetition(Repetition::OPTIONAL);
    field.with_logical_type(logical).build().map(Arc::new)
}

/// Writes the values of a column, empty ones as absent.
fn write_column<'a>(
    into: &mut SerializedColumnWriter<'_>,
    column: &Column,
    values: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), Unconverted> {
    let levels: Vec<i16> = values.clone().map(|value| i16::from(!value.is_empty())).collect();
    let present = values.filter(|value| !value.is_empty());
    let wrong = |value: &str| Unconverted(format!("`{value}` is no number of the column `{}`", column.name));
    match column.kind {
        Kind::Integer => {
            let numbers: Vec<i64> =
                present.map(|value| value.parse().map_err(|_| wrong(value))).collect::<Result<_, _>>()?;
            into.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?;
        }
        Kind::Number => {
            let numbers: Vec<f64> =
                present.map(|value| value.parse().map_err(|_| wrong(value))).collect::<Result<_, _>>()?;
            into.typed::<DoubleType>().write_batch(&numbers, Some(&levels), None)?;
        }
        Kind::Text | Kind::Swept => {
            let texts: Vec<ByteArray> = present.map(ByteArray::from).collect();
            into.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    /// The rows of a table by column, and the units of its columns.
    type Back = (Vec<Vec<(String, Field)>>, Vec<(String, Option<String>)>);

    fn back(table: &str, csv: &str) -> Back {
        let mut out = Vec::new();
        convert(table, || Ok(csv.as_bytes()), &mut out).unwrap();
        let reader = SerializedFileReader::new(Bytes::from(out)).unwrap();
        let metadata = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
        let rows = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns()).collect();
        (rows, metadata.into_iter().map(|pair| (pair.key, pair.value)).collect())
    }

    #[test]
    fn rows_come_back_in_their_types_with_units_beside_them() {
        let (rows, units) = back(
            "replicates",
            "variant,point,machine.cores,workload.tasks.work,replicate,makespan_s,utilisation,digest\n\
             fifo,0,2,10 ms,0,0.25,0.5,00ff\n\"a, b\",1,4,20 ms,0,,1,0a\n",
        );
        let names: Vec<&str> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..4], ["variant", "point", "machine.cores", "workload.tasks.work"]);
        let values = |row: usize| rows[row].iter().map(|(_, value)| value.clone()).collect::<Vec<_>>();
        let text = |text: &str| Field::Str(text.to_owned());
        assert_eq!(
            values(0),
            [
                text("fifo"),
                Field::Long(0),
                Field::Long(2),
                text("10 ms"),
                Field::Long(0),
                Field::Double(0.25),
                Field::Double(0.5),
                text("00ff")
            ]
        );
        assert_eq!(
            values(1)[..6],
            [text("a, b"), Field::Long(1), Field::Long(4), text("20 ms"), Field::Long(0), Field::Null]
        );
        assert_eq!(units, [("unit.makespan_s".to_owned(), Some("s".to_owned()))]);
    }

    #[test]
    fn many_rows_fill_several_groups_and_none_make_an_empty_table() {
        let mut csv = "variant,time\n".to_owned();
        (0..GROUP + 5).for_each(|row| csv += &format!("fifo,{row}.5\n"));
        let (rows, units) = back("decisions", &csv);
        assert_eq!(rows.len(), GROUP + 5);
        assert_eq!(rows[GROUP + 4][1].1, Field::Double(GROUP as f64 + 4.5));
        assert_eq!(units[0].0, "unit.time");
        assert!(back("decisions", "variant,time\n").0.is_empty());
    }

    #[test]
    fn what_is_no_number_where_one_must_be_is_told() {
        let wrong = convert("cores", || Ok("point\nhere\n".as_bytes()), Vec::new()).unwrap_err();
        assert_eq!(wrong.to_string(), "`here` is no number of the column `point`");
    }
}
