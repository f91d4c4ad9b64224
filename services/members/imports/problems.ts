/** Everything that can be said about a row: what is the matter and what to do, in both languages. */
interface Said {
  readonly is: string
  readonly en: string
}

const errors = {
  kennitala_missing: {
    is: 'Kennitölu vantar. Skrifaðu hana í dálkinn.',
    en: 'The kennitala is missing. Write it into the column.',
  },
  kennitala_nine_digits: {
    is: 'Níu tölustafir: líklega hefur núllið fremst dottið út. Stilltu dálkinn sem texta og skrifaðu alla tíu.',
    en: 'Nine digits: the zero in front was probably lost. Format the column as text and write all ten.',
  },
  kennitala_length: {
    is: 'Kennitala er tíu tölustafir. Leiðréttu hana.',
    en: 'A kennitala has ten digits. Correct it.',
  },
  kennitala_characters: {
    is: 'Í kennitölu standa aðeins tölustafir. Leiðréttu hana.',
    en: 'A kennitala holds digits only. Correct it.',
  },
  kennitala_date: {
    is: 'Fyrstu sex tölustafirnir eru enginn dagur. Leiðréttu kennitöluna.',
    en: 'The first six digits are no date. Correct the kennitala.',
  },
  kennitala_born: {
    is: 'Enginn félagi getur verið fæddur þennan dag: hann er fyrir 1900 eða ekki kominn. Leiðréttu kennitöluna.',
    en: 'No member can have been born on this day: it is before 1900, or has not come yet. Correct the kennitala.',
  },
  kennitala_century: {
    is: 'Kennitala endar á 8, 9 eða 0. Leiðréttu hana.',
    en: 'A kennitala ends with 8, 9 or 0. Correct it.',
  },
  kennitala_twice: {
    is: 'Sama kennitala er í annarri röð. Haltu eftir einni.',
    en: 'The same kennitala stands in another row. Keep one of them.',
  },
  name_missing: {
    is: 'Nafn vantar. Skrifaðu það í dálkinn.',
    en: 'The name is missing. Write it into the column.',
  },
  name_long: {
    is: 'Nafnið er lengra en 200 stafir. Styttu það.',
    en: 'The name is longer than 200 letters. Shorten it.',
  },
  name_characters: {
    is: 'Í nafninu er tákn sem ekki sést eða vefslóð, eða enginn bókstafur. Skrifaðu nafnið aftur.',
    en: 'The name holds a character that cannot be seen, or a web address, or no letter. Write it again.',
  },
  email_unknown: {
    is: 'Þetta er ekki netfang. Leiðréttu það.',
    en: 'This is no e-mail address. Correct it.',
  },
  email_long: {
    is: 'Netfangið er lengra en 254 stafir. Leiðréttu það.',
    en: 'The e-mail address is longer than 254 letters. Correct it.',
  },
  phone_unknown: {
    is: 'Þetta er ekki símanúmer. Skrifaðu sjö tölustafi, eða + og landsnúmer fremst.',
    en: 'This is no telephone number. Write seven digits, or + and the country in front.',
  },
  date_unknown: {
    is: 'Þetta er ekki dagsetning. Skrifaðu hana svona: 2020-01-31 eða 31.1.2020.',
    en: 'This is no date. Write it like this: 2020-01-31 or 31.1.2020.',
  },
  yes_no_unknown: { is: 'Skrifaðu já eða nei.', en: 'Write yes or no.' },
  status_unknown: { is: 'Skrifaðu virkur eða hættur.', en: 'Write active or inactive.' },
  cells: {
    is: 'Röðin hefur annan fjölda reita en fyrsta röðin. Athugaðu gæsalappir og skiltákn.',
    en: 'The row has another number of cells than the first row. Look at quotation marks and separators.',
  },
} as const satisfies Record<string, Said>

const warnings = {
  kennitala_check_digit: {
    is: 'Vartalan stemmir ekki. Það er í lagi ef kennitalan var gefin út eftir 18. febrúar 2026; berðu hana annars saman.',
    en: 'The check digit does not fit. That is right for numbers given out after 18 February 2026; otherwise compare it.',
  },
  kennitala_temporary: {
    is: 'Kerfiskennitala: í henni er enginn fæðingardagur.',
    en: 'A temporary number: it holds no date of birth.',
  },
  kennitala_test: {
    is: 'Prófunarkennitala (9999): röðinni er sleppt.',
    en: 'A test person (9999): the row is left out.',
  },
  corrected: { is: 'Lesið á annan hátt en það er skrifað.', en: 'Read in another way than it is written.' },
  date_in_future: {
    is: 'Dagurinn er ekki kominn: til hans er viðkomandi ekki á kjörskrá.',
    en: 'The day is yet to come: until then the person is on no roll.',
  },
} as const satisfies Record<string, Said>

export type ErrorCode = keyof typeof errors
export type WarningCode = keyof typeof warnings

const all: Readonly<Record<string, Said>> = { ...errors, ...warnings }
export const saidOf = (code: string): Said => all[code] ?? { is: code, en: code }
