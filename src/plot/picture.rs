//! What every chart gives: a drawing, a specification for browsers, a table for those who can't see it, and its data.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::drawing::Drawing;
use super::page::Heading;
use super::theme::Theme;

/// A chart filled with numbers and labels.
pub trait Picture: Data + Send + Sync {
    /// Its words.
    fn heading(&self) -> &Heading;

    /// The picture.
    fn draw(&self, theme: &Theme) -> Drawing;

    /// Its panels as Vega-Lite specifications with their data in them, without colours of paper and text; none of a chart
    /// that Vega-Lite can't show.
    fn vega(&self) -> Vec<Value>;

    /// The numbers that it shows.
    fn table(&self) -> Table;
}

impl std::fmt::Debug for dyn Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({:?})", self.heading().title)
    }
}

/// What can be kept, to be drawn again later.
pub trait Data {
    /// Everything that the chart was filled with.
    ///
    /// # Errors
    /// Where it holds what JSON can't, which no chart does.
    fn data(&self) -> serde_json::Result<Value>;
}

impl<T: Serialize> Data for T {
    fn data(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}

/// A chart of type `P` from what [`Data::data`] gave.
pub(super) fn read<P: Picture + DeserializeOwned + 'static>(
    data: Value,
) -> serde_json::Result<Box<dyn Picture>> {
    Ok(Box::new(serde_json::from_value::<P>(data)?))
}

/// Numbers under the names of their columns.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// What stands above the columns, with units.
    pub columns: Vec<String>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub(super) fn of<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        Table { columns: columns.into_iter().map(str::to_owned).collect(), rows: Vec::new() }
    }
}
