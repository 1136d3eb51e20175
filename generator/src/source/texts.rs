//! Stage 1, texts: one input can hold many documentation pages, as the export of a whole site does. Each of them is a
//! text of its own to the stages, and their places are those of the input again before anyone sees them.

use super::page;
use crate::Input;
use crate::diagnostic::{Place, Spot};
use crate::dialect::external;
use crate::origins::Changes;
use crate::pointer::Pointer;
use crate::report;

/// One text to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'i> {
    /// The index of the input that holds it.
    pub(crate) input: usize,
    pub(crate) text: &'i str,
    /// The number of lines of the input before it; `None` when it is the whole input.
    lines_before: Option<usize>,
}

/// The texts of all inputs, in their order.
pub(crate) fn texts(inputs: &[Input]) -> Vec<Text<'_>> {
    inputs.iter().enumerate().flat_map(|(index, input)| split(index, input)).collect()
}

fn split(index: usize, input: &Input) -> Vec<Text<'_>> {
    let pages = if super::is_json(&input.text) { Vec::new() } else { page::split(&input.text) };
    if pages.len() < 2 {
        return vec![Text { input: index, text: &input.text, lines_before: None }];
    }
    pages.into_iter().map(|(line, text)| Text { input: index, text, lines_before: Some(line) }).collect()
}

/// Makes of places in texts those in the inputs.
pub(crate) fn in_inputs(texts: &[Text<'_>], mut places: Vec<&mut Place>) {
    for (index, text) in texts.iter().enumerate() {
        let mut own: Vec<_> = places.iter_mut().filter(|one| one.input == index).collect();
        let Some(before) = text.lines_before.filter(|_| !own.is_empty()) else { continue };
        let page = [Input::new(String::new(), text.text.to_owned())];
        let alone: Vec<_> = own.iter().map(|one| at(0, one)).collect();
        for (one, position) in own.iter_mut().zip(report::positions(&alone, &page)) {
            let (line, column) = position.unwrap_or((1, 1));
            one.spot = Spot::Line(line + before, column);
        }
    }
    for place in places {
        *place = at(input_of(texts, place), place);
    }
}

/// The place in the texts as the user wrote them of one in the trees of the stages.
pub(crate) fn in_text(changes: &Changes, place: &Place) -> Place {
    // The last change is taken back first.
    changes.overlaid.restore(ungrafted(&changes.upgraded.restore(place.clone())))
}

/// The place in the inputs of a place in one of the texts.
pub(crate) fn in_input(texts: &[Text<'_>], changes: &Changes, place: &Place) -> Place {
    let place = in_text(changes, place);
    at(input_of(texts, &place), &place)
}

fn input_of(texts: &[Text<'_>], place: &Place) -> usize {
    // What is in no text is in the configuration, which stands behind the inputs.
    let behind = texts.last().map_or(0, |text| text.input + 1);
    texts.get(place.input).map_or(behind, |text| text.input)
}

/// The place in its own text of what was grafted into another one.
fn ungrafted(place: &Place) -> Place {
    let own = |pointer, spot: fn(Pointer) -> Spot| {
        let (input, at) = external::origin(pointer)?;
        Some(Place { input, spot: spot(at) })
    };
    let found = match &place.spot {
        Spot::Node(pointer) => own(pointer, Spot::Node),
        Spot::Key(pointer) => own(pointer, Spot::Key),
        Spot::Whole | Spot::Line(..) => None,
    };
    found.unwrap_or_else(|| place.clone())
}

fn at(input: usize, place: &Place) -> Place {
    Place { input, spot: place.spot.clone() }
}
