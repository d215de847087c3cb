import { project, token } from "plugboard";

export default project("Charts", ({ azureDevopsConnection, feature }) => {
  azureDevopsConnection("PROJECT_EXT_9", {
    displayName: "Azure DevOps",
    serverUrl: "https://dev.azure.com/orchard/",
    accessToken: token("credentialsJSON:00000000-0000-4000-8000-000000000003"),
  });

  // Raw features keep what is not a connection: line breaks become CDATA, secrets stay tokens.
  feature("PROJECT_EXT_10", "buildtype-graphs", {
    defaultFilters: "",
    format: "size",
    hideFilters: "",
    series: `[
  {
    "type": "valueType",
    "title": "FreeMemory",
    "key": "FreeMemory"
  }
]`,
    seriesTitle: "Memory",
    title: "FreeMemory",
  });
  feature("PROJECT_EXT_12", "storage_settings", {
    "account-name": "buildartifacts",
    "secure:account-key": token("credentialsJSON:00000000-0000-4000-8000-000000000001"),
    "storage.name": "Azure",
    "storage.type": "azure-storage",
  });
});
