//! Problems as text in the look of a compiler: file, line, column, and the text at fault underlined.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::SourceMap;
use crate::error::Problem;
use crate::place::Place;

/// All `problems` as one text, in the order of their places, with colours if `colour`.
pub fn render(map: &SourceMap, problems: &[Problem], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| problem.at.as_ref().map_or(u32::MAX, |(place, _)| place.start));
    let texts: Vec<String> =
        sorted.into_iter().map(|problem| renderer.render(&[group(map, problem)])).collect();
    texts.join("\n\n")
}

fn group<'a>(map: &'a SourceMap, problem: &'a Problem) -> Group<'a> {
    let title = Level::ERROR.primary_title(problem.what.as_str());
    let mut group = match &problem.at {
        None => Group::with_title(title),
        Some((place, label)) => {
            let mut snippet =
                snippet(map, *place).annotation(annotation(map, AnnotationKind::Primary, *place, label));
            let (source, rest): (Vec<_>, Vec<_>) =
                problem.also.iter().partition(|(other, _)| map.source(*other).2 == map.source(*place).2);
            for (other, label) in source {
                snippet = snippet.annotation(annotation(map, AnnotationKind::Context, *other, label));
            }
            let mut group = title.element(snippet);
            for (other, label) in rest {
                let also = annotation(map, AnnotationKind::Context, *other, label);
                group = group.element(self::snippet(map, *other).annotation(also));
            }
            group
        }
    };
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

fn snippet(map: &SourceMap, place: Place) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let (name, text, _) = map.source(place);
    Snippet::source(text).path(name)
}

fn annotation<'a>(
    map: &SourceMap,
    kind: AnnotationKind,
    place: Place,
    label: &'a str,
) -> annotate_snippets::Annotation<'a> {
    let (_, text, start) = map.source(place);
    let from = ((place.start - start) as usize).min(text.len());
    // A place of many lines (a whole table) is shown by its first line.
    let to = ((place.end - start) as usize).clamp(from, text.len());
    let to = text[from..to].find('\n').map_or(to, |line| from + line);
    let annotation = kind.span(from..to);
    if label.is_empty() { annotation } else { annotation.label(label) }
}
