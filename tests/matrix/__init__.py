"""The isolation matrix: every operation of the OpenAPI document, asked by everybody who could ask it."""
