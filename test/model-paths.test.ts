import { expect, it } from "vitest";
import { splitPath } from "../src/model/paths.js";

it.each([
  ["project", "project", "", ""],
  ["project name", "project", "", "name"],
  ["project connections", "project", "", "connections"],
  ["project connections 0", "project", "connections 0", ""],
  [
    "project subProjects 2 subProjects 0 features 1 params connections 3",
    "project subProjects 2 subProjects 0",
    "features 1",
    "params connections 3",
  ],
  ["project connections 0 settings params connections", "project", "connections 0", "settings params connections"],
  ["project parameters subProjects", "project", "", "parameters subProjects"],
  ["config connections 0", "", "", "config connections 0"],
  ["", "", "", ""],
])("%s", (path, project, holder, rest) => {
  const keys = (text: string) => (text === "" ? [] : text.split(" ").map((key) => (/^\d+$/.test(key) ? Number(key) : key)));
  expect(splitPath(keys(path))).toEqual({ project: keys(project), holder: keys(holder), rest: keys(rest) });
});
