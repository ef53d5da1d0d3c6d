//! What holds of every chart's pictures.

use super::picture::Picture;
use super::samples::{
    bars, breakdown, chunks, comparison, distribution, gantt, heatmap, queues, relation, steals, timeseries,
    tornado, waterfall,
};
use super::theme::{THEMES, Theme};

/// One typical picture of each chart.
fn typical() -> Vec<(&'static str, Box<dyn Picture>)> {
    vec![
        ("comparison", Box::new(comparison(4, 20))),
        ("gantt", Box::new(gantt(8, 60))),
        ("breakdown", Box::new(breakdown(4))),
        ("distribution", Box::new(distribution(3, 5000))),
        ("timeseries", Box::new(timeseries(2, 3000))),
        ("waterfall", Box::new(waterfall())),
        ("speedup", Box::new(relation(2, 2))),
        ("plot", Box::new(relation(3, 1))),
        ("tornado", Box::new(tornado(5))),
        ("heatmap", Box::new(heatmap(6, 5))),
        ("links", Box::new(heatmap(40, 8))),
        ("chunks", Box::new(chunks(3, 4))),
        ("queues", Box::new(queues())),
        ("steals", Box::new(steals(16))),
    ]
}

#[test]
fn every_chart_has_a_sample_under_its_name() {
    let named: Vec<&str> = super::CHARTS.iter().map(|c| c.name).collect();
    assert_eq!(typical().iter().map(|t| t.0).collect::<Vec<_>>(), named);
}

#[test]
fn an_svg_speaks_carries_its_text_and_stays_the_same() {
    for (name, picture) in typical() {
        let drawing = picture.draw(Theme::USUAL);
        let svg = drawing.svg().unwrap();
        assert_eq!(svg, drawing.svg().unwrap(), "{name}");
        let title = &drawing.spoken.0;
        assert!(svg.contains(&format!("<title>{title}</title>")), "{name}");
        assert!(svg.contains("font-family=\"Liberation Sans, Arial"), "{name}");
        assert!(svg.contains("seed 1 · 20 replicates"), "{name}");
        assert_eq!(svg.matches("<text").count(), drawing.texts().len(), "{name}");
    }
}

#[test]
fn a_png_has_the_drawings_size_and_stays_the_same() {
    let drawing = typical().swap_remove(2).1.draw(Theme::USUAL);
    let bytes = drawing.png().unwrap();
    assert_eq!(bytes, drawing.png().unwrap());
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let (width, height) = drawing.size();
    assert_eq!((reader.info().width, reader.info().height), (width, height));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(&pixels[..3], [255, 255, 255], "the corner is paper");
    let blue = pixels.chunks_exact(3).filter(|p| **p == [0x00, 0x72, 0xB2]).count();
    assert!(blue > 10_000, "compute time is a large area: {blue} pixels");
}

#[test]
fn what_is_kept_is_drawn_to_the_same_picture_in_every_theme() {
    for (chart, (name, picture)) in super::CHARTS.iter().zip(typical()) {
        let text = picture.data().unwrap().to_string();
        let again = (chart.read)(serde_json::from_str(&text).unwrap()).unwrap();
        for theme in THEMES {
            let (drawn, redrawn) = (picture.draw(theme), again.draw(theme));
            drawn.assert_readable();
            assert_eq!(drawn.svg().unwrap(), redrawn.svg().unwrap(), "{name}, {}", theme.name);
        }
        assert_eq!(picture.vega(), again.vega(), "{name}");
    }
}

#[test]
fn grey_pictures_have_no_colour_and_paper_has_its_size() {
    let column = Theme::named("column").unwrap();
    let drawing = comparison(4, 20).draw(column).grey();
    let svg = drawing.svg().unwrap();
    assert!(svg.contains("width=\"88mm\""), "{}", &svg[..200]);
    let colours = svg.split('#').skip(1).map(|rest| &rest[..6]);
    for colour in colours.filter(|colour| colour.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        assert!(colour[..2] == colour[2..4] && colour[..2] == colour[4..], "{colour} is no grey");
    }
    assert_eq!(drawing.png().unwrap(), drawing.png().unwrap());
}

#[test]
fn names_from_files_cannot_break_an_svg() {
    let mut data = breakdown(1);
    data.variants[0].name = "<script>&\u{0}\"'\u{7}".to_owned();
    data.heading.title = "a < b & \u{1} c".to_owned();
    let svg = data.draw(Theme::USUAL).svg().unwrap();
    assert!(svg.contains("&lt;script&gt;&amp;"));
    assert!(!svg.contains('\u{0}') && !svg.contains('\u{1}') && !svg.contains("<script>"));
}

/// Realistic, tiny and extreme pictures, to be looked at: `cargo test --lib pictures_to_look_at -- --ignored`.
#[test]
#[ignore = "writes to output/pictures"]
fn pictures_to_look_at() {
    let mut pictures: Vec<(String, Box<dyn Picture>)> =
        typical().into_iter().map(|(name, picture)| (name.to_owned(), picture)).collect();
    let mut add = |name: &str, picture: Box<dyn Picture>| pictures.push((name.to_owned(), picture));
    for (variants, replicates) in [(1, 1), (2, 5), (30, 20)] {
        add(&format!("comparison-{variants}x{replicates}"), Box::new(comparison(variants, replicates)));
    }
    let mut wide = comparison(5, 10);
    for (i, variant) in wide.variants.iter_mut().enumerate() {
        variant.name = format!("{} under a rather long description of its own parameters", variant.name);
        let scale = libm::pow(10.0, i as f64 - 3.0);
        variant.mean *= scale;
        variant.replicates.iter_mut().for_each(|v| *v *= scale);
        variant.interval = variant.interval.map(|(low, high)| (low * scale, high * scale));
        variant.bound = None;
    }
    add("comparison-wide", Box::new(wide));
    for (cores, tasks) in [(1, 3), (4, 12), (40, 2000), (64, 100_000), (160, 3000), (4096, 60_000)] {
        add(&format!("gantt-{cores}x{tasks}"), Box::new(gantt(cores, tasks)));
    }
    for variants in [1, 30] {
        add(&format!("breakdown-{variants}"), Box::new(breakdown(variants)));
    }
    for (curves, size) in [(1, 5), (8, 1000), (20, 200_000)] {
        add(&format!("distribution-{curves}x{size}"), Box::new(distribution(curves, size)));
    }
    let mut heavy = distribution(2, 20_000);
    heavy.curves[1].steps.iter_mut().for_each(|s| s.0 = s.0 * s.0 * s.0 * 1e6);
    add("distribution-heavy", Box::new(heavy));
    add("plot-4-panels", Box::new(relation(5, 4)));
    add("plot-bars", Box::new(bars(5, 3)));
    add("plot-many", Box::new(relation(12, 1)));
    add("timeseries-12", Box::new(timeseries(12, 100_000)));
    for theme in THEMES {
        let folder = format!("output/pictures/{}", theme.name);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, picture) in &pictures {
            let drawing = picture.draw(theme);
            std::fs::write(format!("{folder}/{name}.svg"), drawing.svg().unwrap()).unwrap();
            std::fs::write(format!("{folder}/{name}.png"), drawing.png().unwrap()).unwrap();
            std::fs::write(format!("{folder}/{name}-grey.png"), drawing.grey().png().unwrap()).unwrap();
        }
    }
}
