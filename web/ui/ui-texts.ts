import { defineTexts } from './texts.ts'
import en from './texts/en.json' with { type: 'json' }
import is from './texts/is.json' with { type: 'json' }

/** The texts of the shell and of the components: words that belong to no page in particular. */
export const uiTexts = defineTexts({ is, en })
