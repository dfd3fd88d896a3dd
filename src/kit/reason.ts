/**
 * Why something was refused, not done, or decided: a code with its parameters, worded once per language.
 * `text` is the English sentence, made where the reason is made from the one table that owns the code;
 * other languages are made from `code` and `parameters` by whoever shows it.
 */
export interface Reason {
  readonly code: string
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  readonly text: string
}
