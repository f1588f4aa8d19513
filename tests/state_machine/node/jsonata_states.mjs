// Translates JSONata states for an interpreter that knows JSONPath only.
//
// It ignores QueryLanguage, Arguments, Output, a catcher's Output, and the
// expressions of a Fail state. Where it has nothing of the kind, a state more
// takes their place: the path tells it by the name it stands for, or not.
import jsonata from "jsonata";

// An error as the interpreter matches it in Retry and Catch.
export function namedError(name, message) {
  return Object.assign(new Error(), { name, message });
}

// Give a machine without JSONata, the handlers of its tasks, and how a state
// is shown in the path (undefined: not at all).
export function translated(definition, tasks) {
  const made = { States: {}, handlers: {}, shown: new Map() };
  const aliases = new Map();
  for (const [name, state] of Object.entries(definition.States)) {
    const isTask = state.Type === "Task";
    if (state.QueryLanguage !== "JSONata") {
      const { TimeoutSeconds, ...rest } = state;
      // A year is more than a timer of Node takes; the answer tells of it.
      made.States[name] = rest;
      if (isTask) made.handlers[name] = (given) => tasks.answer(name, given);
    } else if (isTask) addTask(made, name, state, tasks);
    else if (state.Type === "Fail") aliases.set(name, addFail(made, name, state));
    else throw new Error(`${name}: no translation of a ${state.Type} state`);
  }
  const { States, handlers, shown } = made;
  const machine = redirected({ ...definition, States }, aliases);
  const shownAs = (name) => (shown.has(name) ? shown.get(name) : name);
  return { machine, handlers, shownAs };
}

function addTask(made, name, state, tasks) {
  const { Arguments, Output = "{% $states.result %}", Catch, ...rest } = state;
  let input;
  made.handlers[name] = async (given) => {
    input = given;
    const context = { State: { Name: name, EnteredTime: tasks.next?.enteredAt } };
    const parameters = await evaluated(Arguments, { input, context });
    const result = await tasks.answer(name, parameters);
    return evaluated(Output, { input, result, context });
  };
  const catchers = Catch?.map(({ Output: output, ...catcher }, number) => {
    const added = `${name}, catcher ${number}`;
    made.States[added] = { Type: "Task", Next: catcher.Next };
    made.shown.set(added, undefined);
    made.handlers[added] = (errorOutput) =>
      evaluated(output ?? errorOutput, { input, errorOutput });
    return { ...catcher, Next: added };
  });
  made.States[name] = { ...rest, ...(catchers && { Catch: catchers }) };
}

function addFail(made, name, { Error, Cause }) {
  const added = `${name}, evaluated`;
  made.States[added] = { Type: "Task", Next: `${name}.` };
  made.handlers[added] = (input) => evaluated({ Error, Cause }, { input });
  made.States[`${name}.`] = {
    Type: "Fail",
    ErrorPath: "$.Error",
    CausePath: "$.Cause",
  };
  made.shown.set(added, name).set(`${name}.`, undefined);
  return added;
}

// Let whatever leads to a state lead to another.
function redirected(value, aliases) {
  if (Array.isArray(value)) return value.map((each) => redirected(each, aliases));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    ["Next", "Default", "StartAt"].includes(key) && aliases.has(each)
      ? aliases.get(each)
      : redirected(each, aliases),
  ]);
  return Object.fromEntries(entries);
}

async function evaluated(template, states) {
  if (Array.isArray(template)) {
    return Promise.all(template.map((each) => evaluated(each, states)));
  }
  if (template !== null && typeof template === "object") {
    const entries = Object.entries(template).map(async ([key, each]) => [
      key,
      await evaluated(each, states),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  const found = /^\{%(.*)%\}$/s.exec(template);
  return found ? value(found[1], states) : template;
}

async function value(expression, states) {
  let result;
  try {
    result = await jsonata(expression).evaluate(null, { states });
  } catch (error) {
    throw namedError("States.QueryEvaluationError", error.message);
  }
  if (result === undefined) {
    throw namedError("States.QueryEvaluationError", "the result is undefined");
  }
  // Without what jsonata notes on its arrays.
  return JSON.parse(JSON.stringify(result));
}
