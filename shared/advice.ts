/** What would make a picture a better target: the sentences of GradeImage's `advice`. */

export const ADVICE = {
  features: "Use a picture with more detail: too few distinct points were found in it.",
  distribution: "Spread the detail: large parts of the picture are empty, and nothing is seen there.",
  distinctiveness: "Avoid repetition: patterns, rows of like shapes and symmetry look the same in several places.",
  contrast: "Raise the contrast: light and dark parts are too much alike for a dim room.",
  plain: "Use larger and bolder shapes: what there is to see is lost in small, tilted and blurred views.",
  none: "This is a good target; nothing needs to change.",
} as const;
