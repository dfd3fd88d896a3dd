/** 由服务器给出的原因代码对应的中文句子;未列出的代码显示服务器的英文句子。 */
export const zhReasons: Readonly<Record<string, string>> = {}
