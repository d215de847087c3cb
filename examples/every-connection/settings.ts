import { project } from "plugboard";
import { amazon } from "./amazon.js";
import { clusters } from "./clusters.js";
import { registries } from "./registries.js";
import { services } from "./services.js";
import { sourceControl } from "./source-control.js";

/** Every connection type with every setting and every variant, for reading and copying. */
export default project(
  "Showcase",
  {
    name: "Every connection",
    description: "One of each, with every setting",
    parentId: "Examples",
    parameters: { "env.TEAM": "platform" },
  },
  (scope) => {
    sourceControl(scope);
    amazon(scope);
    registries(scope);
    clusters(scope);
    services(scope);

    // Any other project feature, as TeamCity stores it.
    scope.feature("ShowcaseReport", "ReportTab", {
      type: "ProjectReportTab",
      title: "Coverage",
      startPage: "coverage.zip!index.html",
    });

    scope.subProject("Showcase_Old", { name: "Old project", archived: true }, ({ dockerRegistry }) => {
      dockerRegistry("ShowcaseOldHub", { displayName: "Docker Hub, anonymous" });
    });
  },
);
