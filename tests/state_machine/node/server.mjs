// Answers questions about a definition: a JSON document a line, in and out.
import { createInterface } from "node:readline";

import aslValidator from "asl-validator";

import { interpret } from "./interpreter.mjs";

const validate = aslValidator.default ?? aslValidator;

const ANSWERS = {
  interpret,
  // Empty when the definition is valid.
  validate: (definition) => {
    const { isValid, errorsText } = validate(definition);
    return isValid ? "" : errorsText();
  },
};

async function answer({ question, about }) {
  try {
    return { answer: await ANSWERS[question](about) };
  } catch (error) {
    return { error: String(error.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
