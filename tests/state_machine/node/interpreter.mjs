// Interprets a definition, given what its tasks answered another interpreter.
//
// Tasks are not carried out again: each attempt gets the next recorded answer,
// and time does not pass. So all that can differ is what an interpreter does.
import { StateMachine } from "aws-local-stepfunctions";

import { namedError, translated } from "./jsonata_states.mjs";

// The package sleeps by setTimeout. It clears the timer of a task's timeout
// as soon as the task has its answer, which is before any other turn.
let slept = () => {};
globalThis.setTimeout = (wake, milliseconds) =>
  setImmediate(() => {
    slept(milliseconds / 1000);
    wake();
  });
globalThis.clearTimeout = clearImmediate;

// Give the states entered, the tasks called, the seconds waited, and the end.
export async function interpret({ definition, input, answers }) {
  const told = { entered: [], calls: [], waits: [], end: null };
  slept = (seconds) => told.waits.push(seconds);
  const tasks = new RecordedTasks(answers, told.calls, () => run.abort());
  const { machine, handlers, shownAs } = translated(definition, tasks);
  const run = new StateMachine(machine, {
    validationOptions: { noValidate: true },
  }).run(input, {
    noThrowOnAbort: true,
    overrides: {
      taskResourceLocalHandlers: handlers,
      retryIntervalOverrides: withoutPauses(machine),
    },
    context: { Task: tasks.ofContext },
  });
  run.result.catch(() => {});
  for await (const event of run.eventLogs) {
    if (event.type === "StateEntered") {
      const name = shownAs(event.state.name);
      if (name) told.entered.push([name, event.state.input]);
    }
    told.end = endOf(event);
    if (told.end) return told;
  }
}

// Hands out recorded answers.
class RecordedTasks {
  #answers;
  #calls;
  #stop;

  constructor(answers, calls, stop) {
    this.#answers = [...answers];
    this.#calls = calls;
    this.#stop = stop;
  }

  get next() {
    return this.#answers[0];
  }

  // `$$.Task`: its token is that of the next attempt.
  get ofContext() {
    const tasks = this;
    return {
      get Token() {
        return tasks.next?.token;
      },
    };
  }

  async answer(state, parameters) {
    this.#calls.push([state, parameters]);
    const { next } = this;
    if (next?.state !== state || next.isPending) {
      this.#stop();
      return new Promise(() => {});
    }
    this.#answers.shift();
    if (next.error === undefined) return next.output;
    throw namedError(next.error, next.cause);
  }
}

function withoutPauses({ States }) {
  return Object.fromEntries(Object.keys(States).map((name) => [name, 0]));
}

function endOf(event) {
  switch (event.type) {
    case "ExecutionSucceeded":
      return { status: "SUCCEEDED", output: event.output };
    case "ExecutionFailed":
      return { status: "FAILED", error: event.Error, cause: event.Cause };
    case "ExecutionAborted":
      return { status: "RUNNING" };
    default:
      return null;
  }
}
