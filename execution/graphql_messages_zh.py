"""Chinese translations of graphql-core's messages.

{name} is a placeholder; {more} is a message that is translated itself.
"""

from kit.text.message_translation import MessageTranslator

GRAPHQL_MESSAGES_ZH: dict[str, str] = {
    # Syntax
    "Syntax Error: {more}": "语法错误：{more}",
    "Expected {wanted}, found {found}.": "此处应为 {wanted}，实际为 {found}。",
    "Unexpected variable '{name}' in constant value.": "常量值中不能使用变量 {name}。",
    "Unexpected description, {rest}": "此处不能有描述。",
    "Unexpected single quote character (')": "意外的单引号，文本应使用双引号。",
    "Unexpected '..'": "意外的“..”。",
    "Unexpected character: {found}.": "意外的字符 {found}。",
    "Unexpected {found}.": "意外的 {found}。",
    "Invalid character: {found}.": "无效的字符 {found}。",
    "Invalid character within String: {found}.": "文本中有无效的字符 {found}。",
    "Invalid number, expected digit but got: {found}.": "无效的数，应为数字，实际为 {found}。",
    "Invalid number, unexpected digit after 0: {found}.": "无效的数，0 之后不应有 {found}。",
    "Invalid number, expected digit before '.'": "无效的数，“.”之前应有数字。",
    "Invalid Unicode escape sequence: '{found}'.": "无效的 Unicode 转义 {found}。",
    "Invalid character escape sequence: '{found}'.": "无效的转义 {found}。",
    "Unterminated string.": "文本没有结束的引号。",
    "{found} is reserved and cannot be used for an enum value.": "{found} 不能用作枚举值。",
    # Operations and fragments
    "The {name} definition is not executable.": "定义 {name} 不能执行，只接受操作和片段。",
    "The {kind} operation is not supported by the schema.": "本服务不支持 {kind} 操作。",
    "Schema is not configured to execute {kind} operation.": "本服务不支持 {kind} 操作。",
    "There can be only one operation named '{name}'.": "名为 {name} 的操作只能有一个。",
    "This anonymous operation must be the only defined operation.": "无名操作只能单独出现。",
    "{name} must select only one top level field.": "{name} 只能有一个根字段。",
    "{name} must select one top level field.": "{name} 必须有一个根字段。",
    "{name} must not select an introspection top level field.": "{name} 不能以内省字段为根字段。",
    "{name} must not use `@skip` or `@include` directives in the top level selection.": (
        "{name} 的根字段不能使用 @skip 或 @include。"
    ),
    "Unknown fragment '{name}'.": "没有名为 {name} 的片段。",
    "There can be only one fragment named '{name}'.": "名为 {name} 的片段只能有一个。",
    "Fragment '{name}' is never used.": "片段 {name} 没有被使用。",
    "Cannot spread fragment '{name}' within itself via {way}.": "片段 {name} 经 {way} 引用了自身。",
    "Cannot spread fragment '{name}' within itself.": "片段 {name} 引用了自身。",
    "Fragment cannot condition on non composite type '{type}'.": "片段的类型条件不能是 {type}。",
    "Fragment '{name}' cannot condition on non composite type '{type}'.": (
        "片段 {name} 的类型条件不能是 {type}。"
    ),
    "Fragment cannot be spread here as objects of type '{type}' can never be of type '{other}'.": (
        "片段不能用在此处：类型 {type} 的对象不可能是 {other}。"
    ),
    "Fragment '{name}' cannot be spread here as objects of type '{type}' can never be of type "
    "'{other}'.": "片段 {name} 不能用在此处：类型 {type} 的对象不可能是 {other}。",
    # Fields and arguments
    "Unknown type '{type}'.": "没有类型 {type}。",
    "Cannot query field '{name}' on type '{type}'.": "类型 {type} 没有字段 {name}。",
    "Field '{name}' must not have a selection since type '{type}' has no subfields.": (
        "字段 {name} 不能有子字段：类型 {type} 没有字段。"
    ),
    "Field '{name}' of type '{type}' must have a selection of subfields.": (
        "字段 {name} 的类型是 {type}，须选择其子字段。"
    ),
    "Field '{name}' of type '{type}' must have at least one field selected.": (
        "字段 {name} 的类型是 {type}，至少须选择一个子字段。"
    ),
    "Unknown argument '{name}' on directive '{on}'.": "指令 {on} 没有参数 {name}。",
    "Unknown argument '{name}' on field '{on}'.": "字段 {on} 没有参数 {name}。",
    "There can be only one argument named '{name}'.": "名为 {name} 的参数只能有一个。",
    "Argument '{name}' of type '{type}' is required, but it was not provided.": (
        "缺少参数 {name}，其类型为 {type}。"
    ),
    "Argument '{name}' of required type '{type}' was not provided.": (
        "缺少参数 {name}，其类型为 {type}。"
    ),
    "Argument '{name}' has invalid value at {at}: {more}": "参数 {name} 在 {at} 处的值无效：{more}",
    "Argument '{name}' has invalid value: {more}": "参数 {name} 的值无效：{more}",
    "Fields '{name}' conflict because {more}. Use different aliases on the fields to fetch both if "
    "this was intentional.": "字段 {name} 相互冲突：{more}。如确需两者，请使用不同的别名。",
    "subfields '{name}' conflict because {more}": "子字段 {name} 相互冲突：{more}",
    "'{one}' and '{other}' are different fields": "{one} 与 {other} 是不同的字段",
    "they have differing arguments": "两处的参数不同",
    "they return conflicting types '{one}' and '{other}'": "返回的类型 {one} 与 {other} 不一致",
    # Directives
    "Unknown directive '{name}'.": "没有指令 {name}。",
    "Directive '{name}' may not be used on {place}.": "指令 {name} 不能用在 {place} 上。",
    "The directive '{name}' can only be used once at this location.": (
        "指令 {name} 在同一处只能使用一次。"
    ),
    # Variables
    "Variable '{name}' is not defined by operation '{on}'.": "操作 {on} 没有定义变量 {name}。",
    "Variable '{name}' is not defined.": "没有定义变量 {name}。",
    "Variable '{name}' is never used in operation '{on}'.": "操作 {on} 没有使用变量 {name}。",
    "Variable '{name}' is never used.": "没有使用变量 {name}。",
    "There can be only one variable named '{name}'.": "名为 {name} 的变量只能有一个。",
    "Variable '{name}' cannot be non-input type '{type}'.": "变量 {name} 的类型不能是 {type}。",
    "Variable '{name}' expected value of type '{type}' which cannot be used as an input type.": (
        "变量 {name} 的类型不能是 {type}。"
    ),
    "Variable '{name}' of type '{type}' used in position expecting type '{other}'.": (
        "变量 {name} 的类型是 {type}，而此处须为 {other}。"
    ),
    "Variable '{name}' has invalid default value at {at}: {more}": (
        "变量 {name} 在 {at} 处的默认值无效：{more}"
    ),
    "Variable '{name}' has invalid default value: {more}": "变量 {name} 的默认值无效：{more}",
    "Variable '{name}' has invalid value at {at}: {more}": "变量 {name} 在 {at} 处的值无效：{more}",
    "Variable '{name}' has invalid value: {more}": "变量 {name} 的值无效：{more}",
    "Expected variable '{name}' provided to type '{type}' to provide a runtime value.": (
        "此处的类型是 {type}，变量 {name} 须有值。"
    ),
    "Expected variable '{name}' provided to non-null type '{type}' not to be None.": (
        "此处的类型是 {type}，变量 {name} 不能为 null。"
    ),
    # Values
    "Expected a value of non-null type '{type}' to be provided.": "缺少类型为 {type} 的值。",
    "Expected value of non-null type '{type}' not to be None.": "类型为 {type} 的值不能为 null。",
    "Expected value of type '{type}' to be an object, found: {found}.": (
        "应为类型 {type} 的对象，实际为 {found}。"
    ),
    "Expected value of type '{type}' to include required field '{name}', found: {found}.": (
        "类型 {type} 的值缺少字段 {name}，实际为 {found}。"
    ),
    "Expected value of type '{type}' not to include unknown field '{name}', found: {found}.": (
        "类型 {type} 没有字段 {name}，实际为 {found}。"
    ),
    "Expected value of type '{type}', found: {found}.": "应为类型 {type} 的值，实际为 {found}。",
    "Expected value of type '{type}', found {found}.": "应为类型 {type} 的值，实际为 {found}。",
    "There can be only one input field named '{name}'.": "名为 {name} 的输入字段只能有一个。",
    "Int cannot represent non-integer value: {found}": "Int 须为整数，实际为 {found}",
    "Int cannot represent non 32-bit signed integer value: {found}": (
        "Int 须为 32 位整数，实际为 {found}"
    ),
    "Float cannot represent non numeric value: {found}": "Float 须为数，实际为 {found}",
    "String cannot represent a non string value: {found}": "String 须为文本，实际为 {found}",
    "Boolean cannot represent a non boolean value: {found}": "Boolean 须为真假值，实际为 {found}",
    "ID cannot represent a non-string and non-integer value: {found}": (
        "ID 须为文本或整数，实际为 {found}"
    ),
    "ID cannot represent value: {found}": "ID 须为文本或整数，实际为 {found}",
    "Enum '{type}' cannot represent non-string value: {found}.": (
        "枚举 {type} 的值须以文本给出，实际为 {found}。"
    ),
    "Enum '{type}' cannot represent non-enum value: {found}.": (
        "枚举 {type} 的值须是枚举值，实际为 {found}。"
    ),
    "Value '{found}' does not exist in '{type}' enum.": "枚举 {type} 没有值 {found}。",
    "Value cannot represent a {type}: {found}": "不是有效的 {type}：{found}",
    # Limits of graphql-core
    "Too many validation errors, error limit reached. Validation aborted.": (
        "错误过多，其余不再列出。"
    ),
    "Too many errors processing variables, error limit reached. Execution aborted.": (
        "变量的错误过多，其余不再列出。"
    ),
    "Validation aborted.": "查询引用的片段层数过多，无法检查。",
    "Variable values are nested too deeply.": "变量的值嵌套过深。",
}

graphql_message_zh = MessageTranslator(GRAPHQL_MESSAGES_ZH).in_chinese
