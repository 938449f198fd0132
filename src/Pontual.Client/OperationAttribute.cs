namespace Pontual.Client;

/// <summary>Which operation of the OpenAPI document a method does. A test compares the two.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string id) : Attribute
{
    public string Id => id;
}
